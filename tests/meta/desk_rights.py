"""K1: who may open what at the desk, tried one by one by test_desk_rights.py. A page without a row here fails it.

A list is named by its model, and its rows and their history go with it; every other page by its own name. `x`: opens.
`.`: a 403, which is on record. What only a superuser may (rights) and what a row's state forbids to everybody
(publishing Terms that are in force) has no `x`.
"""

from functools import cache

TABLE = """
page                                            agent  finance  editor  dealer  dealer_manager  administrator

# Accounts
accounts_account                                x      x        .       .       .               x
accounts_account_activation                     x      x        .       .       .               x
accounts_account_address_mending                x      x        .       .       .               x
accounts_account_caller_code                    x      x        .       .       .               x
accounts_account_caller_facts                   x      x        .       .       .               x
accounts_account_email                          x      x        .       .       .               x
accounts_account_handover                       x      x        .       .       .               x
accounts_account_second_step_reset              x      x        .       .       .               x
accounts_account_sessions_end                   x      x        .       .       .               x
accounts_account_timeline                       x      x        .       .       .               x
accounts_closing                                x      x        .       .       .               x
accounts_consentchange                          x      x        .       .       .               x
accounts_consentwording                         .      .        .       .       .               x
accounts_dataexport                             .      .        .       .       .               x
accounts_dealer                                 x      x        .       .       .               x
accounts_hookdelivery                           .      .        .       .       .               x
accounts_hookdelivery_sending                   .      .        .       .       .               x
accounts_hookendpoint                           .      .        .       .       .               x
accounts_hookendpoint_taking_up                 .      .        .       .       .               x
accounts_hookendpoint_testing                   .      .        .       .       .               x
accounts_notice                                 x      x        .       .       .               x
accounts_signin                                 x      x        .       .       .               x
accounts_termsacceptance                        x      x        .       .       .               x
accounts_termsversion                           .      .        x       .       .               x
accounts_termsversion_publication               .      .        .       .       .               .
accounts_town                                   .      .        .       .       .               x
accounts_undeliveredmail                        x      x        .       .       .               x
accounts_undeliveredmail_dropping               x      x        .       .       .               x
accounts_undeliveredmail_sending                x      x        .       .       .               x

# Cars and dealers
garage_accesscheck                              x      x        .       .       .               x
garage_accesscheck_unblocking                   x      x        .       .       .               x
garage_booking                                  x      x        .       x       x               x
garage_booking_arrival                          .      .        .       x       x               .
garage_booking_completion                       .      .        .       x       x               .
garage_booking_moving                           .      .        .       x       x               .
garage_booking_refusal                          .      .        .       x       x               .
garage_controltransfer                          x      x        .       .       .               x
garage_controltransfer_decision                 x      x        .       .       .               x
garage_dataaccess                               x      x        .       .       .               x
garage_datagrant                                x      x        .       .       .               x
garage_dealeraccess                             x      x        .       x       x               x
garage_dealeraccess_activation                  .      .        .       x       x               .
garage_dealeraccess_cancellation                .      .        .       x       x               .
garage_dealeraccess_code                        .      .        .       x       x               .
garage_dealeraccess_decision                    .      .        .       x       x               .
garage_dealeraccess_ending                      .      .        .       x       x               .
garage_dealeraccess_handover                    .      .        .       x       x               .
garage_dealeraccess_identity                    .      .        .       x       x               .
garage_dealeraccess_release                     .      .        .       x       x               .
garage_dealeraccess_unblocking                  .      .        .       x       x               .
garage_driveraccess                             x      x        .       .       .               x
garage_maintenanceplan                          x      x        .       .       .               x
garage_manual                                   x      x        x       .       .               x
garage_manual_edition                           .      .        x       .       .               x
garage_manual_facts                             .      .        x       .       .               x
garage_manual_file                              x      x        x       .       .               x
garage_manual_new                               .      .        x       .       .               x
garage_maprelease                               x      x        .       .       .               x
garage_mapupdate                                x      x        .       .       .               x
garage_multimediaprofile                        x      x        .       .       .               x
garage_orderedvehicle                           x      x        .       x       x               x
garage_recall                                   x      x        .       .       .               x
garage_registryentry                            .      .        .       .       .               x
garage_sale                                     x      x        .       .       .               x
garage_servicerecord                            x      x        .       .       .               x
garage_thirdparty                               .      .        .       .       .               x
garage_tradein                                  x      x        .       x       x               x
garage_tradein_calling_off                      .      .        .       x       x               .
garage_tradein_new                              .      .        .       x       x               .
garage_vehicle                                  x      x        .       .       .               x
garage_vehicle_correction                       x      x        .       .       .               x
garage_workshop                                 x      x        .       x       x               x
garage_workshop_bays                            .      .        .       x       x               .
garage_workshop_closing                         .      .        .       x       x               .
garage_workshop_hours                           .      .        .       x       x               .
garage_workshop_invitation                      .      .        .       .       x               x
garage_workshop_invitation_end                  .      .        .       .       x               x
garage_workshop_staff_end                       .      .        .       .       x               x
garage_workshop_work                            .      .        .       x       x               .

# Subscriptions and money
subscriptions_catalogueversion                  .      x        .       .       .               x
subscriptions_catalogueversion_preview          .      x        .       .       .               x
subscriptions_contract                          x      x        .       .       .               x
subscriptions_contract_pdf                      x      x        .       .       .               x
subscriptions_discontinuation                   x      x        .       .       .               x
subscriptions_dispute                           x      x        .       .       .               x
subscriptions_document                          x      x        .       .       .               x
subscriptions_document_correction               .      x        .       .       .               x
subscriptions_document_mail                     x      x        .       .       .               x
subscriptions_document_pdf                      x      x        .       .       .               x
subscriptions_documentbundle                    .      x        .       .       .               x
subscriptions_documentbundle_month              .      x        .       .       .               x
subscriptions_documentbundle_zip                .      x        .       .       .               x
subscriptions_olddocument                       x      x        .       .       .               x
subscriptions_olddocument_pdf                   x      x        .       .       .               x
subscriptions_package                           x      x        .       .       .               x
subscriptions_package_discontinuation           .      x        .       .       .               x
subscriptions_payment                           x      x        .       .       .               x
subscriptions_payment_giving_back               .      x        .       .       .               x
subscriptions_payment_giving_back_confirmation  .      x        .       .       .               x
subscriptions_payment_giving_back_dropping      .      x        .       .       .               x
subscriptions_payment_missed_month              .      x        .       .       .               x
subscriptions_paymentcard                       x      x        .       .       .               x
subscriptions_plan                              x      x        .       .       .               x
subscriptions_plan_price                        .      x        .       .       .               x
subscriptions_pricechange                       x      x        .       .       .               x
subscriptions_provisioning                      x      x        .       .       .               x
subscriptions_provisioning_asking               x      x        .       .       .               x
subscriptions_referral                          x      x        .       x       x               x
subscriptions_refund                            x      x        .       .       .               x
subscriptions_refund_repetition                 .      x        .       .       .               x
subscriptions_refund_transfer                   .      x        .       .       .               x
subscriptions_refund_transfer_confirmation      .      x        .       .       .               x
subscriptions_refund_transfer_dropping          .      x        .       .       .               x
subscriptions_service                           x      x        .       .       .               x
subscriptions_serviceincident                   x      x        x       .       .               x
subscriptions_subscription                      x      x        .       .       .               x
subscriptions_subscription_cancellation         x      x        .       .       .               x
subscriptions_subscription_explanation          x      x        .       .       .               x
subscriptions_subscription_extension            x      x        .       .       .               x
subscriptions_subscription_rehearsal            x      x        .       .       .               x
subscriptions_subscription_withdrawal           x      x        .       .       .               x
subscriptions_takenover                         x      x        .       .       .               x
subscriptions_workitem                          .      x        .       .       .               x
subscriptions_workitem_assignment               .      x        .       .       .               x
subscriptions_workitem_closing                  .      x        .       .       .               x

# Support
search                                          x      x        .       .       .               x
support_article                                 .      .        x       .       .               x
support_article_languages                       .      .        x       .       .               x
support_article_new_article                     .      .        x       .       .               x
support_article_place                           .      .        x       .       .               x
support_article_preview                         .      .        x       .       .               x
support_article_recording                       .      .        x       .       .               x
support_article_report                          .      .        x       .       .               x
support_article_visibility                      .      .        x       .       .               x
support_articletext                             .      .        x       .       .               x
support_cannedtext                              x      x        .       .       .               x
support_case                                    x      x        .       .       .               x
support_case_answer                             x      x        .       .       .               x
support_case_assignment                         x      x        .       .       .               x
support_case_closing                            x      x        .       .       .               x
support_case_file                               x      x        .       .       .               x
support_case_taking                             x      x        .       .       .               x
support_case_trips                              x      .        .       .       .               x
support_casecategory                            .      .        .       .       .               x
support_evidence                                x      x        .       .       .               x
support_evidence_file                           x      x        .       .       .               x
support_evidence_new                            x      x        .       .       .               x
support_failedsearch                            .      .        x       .       .               x
support_samewords                               .      .        x       .       .               x
support_vote                                    .      .        x       .       .               x

# The whole portal
portal_auditrecord                              .      .        .       .       .               x
portal_auditrecord_export                       .      .        .       .       .               x
portal_brand                                    .      .        .       .       .               x
portal_legalentity                              .      .        .       .       .               x
portal_market                                   .      .        .       .       .               x
portal_origin                                   x      x        .       .       .               x
portal_outboxmessage                            .      .        .       .       .               x
portal_staffread                                .      .        .       .       .               x
portal_vatrate                                  .      .        .       .       .               x

# What others brought
allauth_idp_oidc_client                         .      .        .       .       .               x
auth_group                                      .      .        .       .       .               x
"""


@cache
def rights() -> dict[str, frozenset[str]]:
    """The roles that open each page."""
    heading, *lines = [line.split() for line in TABLE.strip().splitlines() if line and not line.startswith("#")]
    roles = heading[1:]
    return {
        name: frozenset(role for role, mark in zip(roles, marks, strict=True) if mark == "x") for name, *marks in lines
    }
