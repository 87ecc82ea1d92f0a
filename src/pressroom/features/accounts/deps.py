"""What routes ask the accounts slice: who is it, and may they come in?"""
