"""Many customers at once, for measuring: twenty live through the real rules, and are copied as often as wanted.

`households` says who the twenty are, `playing` lets them live in a scratch database, `copies` says what differs from
one copy to the next, `filling` writes the copies by COPY, all or none.
"""
