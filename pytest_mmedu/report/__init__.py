"""报告 | The report of one submission, and what writes it: JSON, the card on a terminal, tables."""
