"""网页 | HTML pages: one file each, both languages inside, nothing from the network."""
