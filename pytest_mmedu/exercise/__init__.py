"""练习工具 | The exercise kit: read an exercise, hand it out, check it, grade with it.

Nothing is imported here: `exercise.load` stays cheap for the fixtures, the rest is for teachers.
"""
