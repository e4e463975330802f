"""The official papers of a unit round, as .docx by Nghị định 30/2020/NĐ-CP: a module a paper."""
