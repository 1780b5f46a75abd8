"""Who somebody is: ID numbers, credit codes and how personal data is shown."""
