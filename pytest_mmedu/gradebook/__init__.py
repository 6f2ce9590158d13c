"""全班成绩册 | The gradebook of a class: every report, every attempt, and what the teacher says to them."""
