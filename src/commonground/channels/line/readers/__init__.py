"""What e-mail lists and notices on devices share: readers of our own, each handed the post once.

A network names its tables (models), says how it hands one over (handing) and in which words it
tells of it (adapter). Everything that keeps a post from going twice, or from being lost without a
word, is here and nowhere else.
"""
