print("kinodock")
