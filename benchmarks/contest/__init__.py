"""The benchmark: who takes part in what, who measures, and what comes of it.

    registry    the contenders and the works
    material    what the server answers, and what a right answer is
    server      compiles and runs server.c
    scene       a running server, and room for files
    generator   openapi-generator's client, generated for the occasion
    child       a process that does one contender's work        (run as a program)
    start       a process that is timed from its first import   (run as a program)
    team        the children of one work: checked, then in turns, in shuffled order
    machine     what has to be known of a computer to read its figures
    figures     medians and ratios
    targets     what ours is meant to reach
    report      the tables
    layers      where one contender's time goes

What is timed runs in child and start only; everything else waits meanwhile.
"""
