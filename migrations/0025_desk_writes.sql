-- What the desk never writes. A case is opened by the desk, but decided, timed and paid for by the work of its workflow alone: decisions, the
-- clock with its reminders, and what becomes of a payment.
revoke insert on decision, deadline, clock_span, payment_event from anju_desk;
