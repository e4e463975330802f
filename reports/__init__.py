"""SHOW: what people read. Everything is made from records; nothing here decides a point."""
