"""What a request must not be, whatever page it asks for; and what the pages of the payment must not be."""
