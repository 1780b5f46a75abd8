"""The waiting list and every act on a ticket: call, recall, missed, start, hold, transfer, done."""
