"""What a report says about itself and how it is divided."""
