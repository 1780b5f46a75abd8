"""The hall's machines as its managers see them: who is there, who is lost for good, what is left to judge."""
