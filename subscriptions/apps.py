from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "subscriptions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from accounts import accesses, exporting
        from accounts.actions.market import keep_market_while
        from accounts.calendar import register_events
        from accounts.hooks import kinds as hook_kinds
        from accounts.hooks import trouble as hook_trouble
        from accounts.notices.kinds import register_attachments, register_words
        from accounts.undelivered import keep_undelivered
        from garage import delivery, map_cover
        from garage import service_times as garage_service_times
        from portal import outbox
        from portal.operating import measures as operating
        from subscriptions import access, calendar, caller_facts, exporters, hook_work, hooks, sending, service_times
        from subscriptions.actions import accountants, statement
        from subscriptions.centre import map_packages, standard
        from subscriptions.ledger import measures
        from subscriptions.papers import copies
        from subscriptions.words import reasons, terms

        outbox.register("refund", sending.send_refund)
        outbox.register("provider_event", sending.provider_event)
        outbox.register("forget_card", sending.forget_card)
        outbox.register("document_bundle", sending.document_bundle)
        outbox.register("document_copy", copies.send_document_copy, if_parked=keep_undelivered, queue="mails")
        outbox.register("withdrawal_statement", statement.take_statement, is_never_asked_again=True)
        register_attachments("order_confirmed", sending.contract_of_notice)
        register_attachments("invoice_issued", sending.document_of_notice)
        register_attachments("credit_note_issued", sending.document_of_notice)
        register_attachments("document_corrected", sending.documents_of_correction)
        hook_kinds.register(*hooks.KINDS)
        hook_trouble.register(hook_work.open_work)
        for measure in measures.MEASURES:
            operating.register(measure)
        caller_facts.register_facts()
        register_events(calendar.events_of)
        keep_market_while("a subscription runs", access.has_running)
        register_words("term", terms.term_name)
        register_words("reason", reasons.sentence_for)
        register_words("answer", reasons.withdrawal_answer)
        garage_service_times.register(service_times.times_of, disturbed=service_times.was_disturbed)
        delivery.register_standard(standard.has_standard)
        map_cover.register(map_packages.has_new_maps)
        exporting.register(*exporters.EXPORTERS)
        accesses.register_audited(accountants.READ, _("Accountant"))
        accesses.register_subjects(
            {
                "subscriptions.subscription": _("One of your subscriptions"),
                "subscriptions.referral": _("One of your orders with a dealer’s help"),
                "subscriptions.contract": _("One of your contracts"),
                "subscriptions.payment": _("One of your payments"),
                "subscriptions.refund": _("One of your refunds"),
                "subscriptions.dispute": _("A payment that your bank disputed"),
                "subscriptions.document": _("An invoice or credit note"),
                "subscriptions.olddocument": _("An invoice or credit note"),
                "subscriptions.takenover": _("One of your subscriptions"),
                "subscriptions.paymentcard": _("One of your cards: brand, last four digits, expiry"),
                "subscriptions.provisioning": _("A package of yours that a car switches on or off"),
                "subscriptions.workitem": _("Something that the customer centre had to settle for you"),
            }
        )
