"""What rules mean: on columns for all units at once (`engine`), and exactly (`exact`)."""
