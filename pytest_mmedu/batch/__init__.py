"""批改全班 | Grade a class."""
