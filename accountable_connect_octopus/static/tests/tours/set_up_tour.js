import {
    choose,
    newConnection,
    newSignIn,
    openInvoices,
    openPackagesMenu,
    postInvoice,
    setUpAndPost,
} from "@accountable_connect/../tests/tours/steps";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("accountable_octopus_set_up", {
    steps: () => [
        ...newSignIn("Octopus"),
        {
            content: "Enter the user",
            trigger: ".o_field_widget[name='octopus_user'] input",
            run: "edit U99999999",
        },
        {
            content: "Enter the password",
            trigger: ".o_field_widget[name='password_entry'] input[type='password']",
            run: "edit secret",
        },
        {
            content: "Enter the software house id",
            trigger: ".o_field_widget[name='octopus_software_house_entry'] input[type='password']",
            run: "edit 00000000-1111-2222-3333-444444444444",
        },
        { content: "Store it", trigger: ".o_form_button_save", run: "click" },
        {
            content: "The password is stored and not shown",
            trigger: ".o_form_saved:not(:has(input[type='password'])) .o_field_widget[name='has_secrets'] input:checked",
        },

        ...newConnection(),
        {
            content: "Test the sign-in",
            trigger: "div[name='step_checklist'] button[name='action_test_sign_in']:enabled",
            run: "click",
        },
        {
            content: "It works",
            trigger: "div[name='step_checklist'] .o_field_widget[name='sign_in_state']:contains('Signed in')",
        },
        ...setUpAndPost(),
    ],
});

tours.add("accountable_octopus_booked_and_broken", {
    steps: () => [
        ...openInvoices(),
        {
            content: "The invoice has a green check; open what was done",
            trigger: ".o_data_row button[name='action_accountable_jobs']:has(.fa-check.text-success)",
            run: "click",
        },
        {
            content: "It was booked",
            trigger: ".o_form_view .o_arrow_button_current:contains('Done'), .o_data_row .badge:contains('Done')",
        },
        ...openPackagesMenu("accountable_connection_menu"),
        {
            content: "Open the connection",
            trigger: ".o_data_row .o_data_cell:contains('Vandersmissen')",
            run: "click",
        },
        {
            content: "Read the master data, in which the accountant renamed a VAT code",
            trigger: ".o_form_view button[name='action_refresh_master_data']:enabled",
            run: "click",
        },
        {
            content: "A mapping is broken",
            trigger: ".o_form_view button[name='action_mappings'] .o_stat_value:not(:contains(/^0$/))",
        },
        ...postInvoice("Garage Peeters", "Another repair", "200", "03/16/2026"),
    ],
});

tours.add("accountable_octopus_cured", {
    steps: () => [
        ...openPackagesMenu("accountable_job_menu"),
        {
            content: "It failed and says why; go to the cause",
            trigger: ".o_data_row:has(.badge:contains('Failed')):contains('21') button[name='action_open_cause']",
            run: "click",
        },
        {
            content: "The mapping is broken",
            trigger: ".o_form_view .o_field_widget[name='source_name']:contains('21%')",
        },
        ...choose("master_data_id", "21N", ".o_form_view"),
        {
            content: "Confirm it",
            trigger: ".o_form_view button[name='action_confirm']:enabled",
            run: "click",
        },
        {
            content: "It is confirmed",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Confirmed')",
        },
        ...openPackagesMenu("accountable_job_menu"),
        {
            content: "Try again",
            trigger: ".o_data_row button[name='action_retry']",
            run: "click",
        },
        {
            content: "It waits",
            trigger: ".o_data_row .badge:contains('Waiting')",
        },
    ],
});

tours.add("accountable_octopus_done", {
    steps: () => [
        ...openPackagesMenu("accountable_job_menu"),
        { content: "Nothing is left to do", trigger: ".o_view_nocontent:contains('Nothing is waiting')" },
        {
            content: "Show what was done",
            trigger: ".o_searchview .o_facet_remove",
            run: "click",
        },
        {
            content: "Both invoices are booked",
            trigger: ".o_data_row:has(.badge:contains('Done')) ~ .o_data_row:has(.badge:contains('Done'))",
        },
        ...openInvoices(),
        {
            content: "Both have a green check",
            trigger: ".o_data_row:has(.fa-check.text-success) ~ .o_data_row:has(.fa-check.text-success)",
        },
    ],
});
