"""Small mistakes planted in the code one by one: does a test notice?"""
