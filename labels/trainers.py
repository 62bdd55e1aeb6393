"""Tables in the form in which trainers of LeRobot data sets look for them."""
TRAINERS = {}
