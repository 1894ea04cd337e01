"""What must reach no log line and no report."""

EMAIL, VIN, PHONE = "maria.p@example.com", "JTHSAMPLECY900007", "+35799123456"
TOKEN, CARD = "Zk3vQ9xLr2TtB8uYw5Hn7Pd1", "4242424242424242"
PERSONAL = (EMAIL, VIN, PHONE, TOKEN, CARD)
