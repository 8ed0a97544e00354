import {
    chooseWithoutTax,
    newConnection,
    newSignIn,
    openInvoices,
    openPackagesMenu,
    select,
    setUpAndPost,
} from "@accountable_connect/../tests/tours/steps";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const CLIENT_ID = "11111111-2222-3333-4444-555555555555";
// Exact wants a code on every line: these keep a line out of the VAT return.
const SALES_WITHOUT_VAT = "Verkoop buiten btw-aangifte";
const PURCHASES_WITHOUT_VAT = "Aankoop buiten btw-aangifte";
const PAID = ".ribbon:contains(Paid)";

function openInvoice() {
    return [
        {
            content: "Open the invoice",
            trigger: ".o_data_row .o_data_cell[name='name']",
            run: "click",
        },
    ];
}

tours.add("accountable_exact_sign_in", {
    steps: () => [
        ...newSignIn("Exact Online"),
        ...select("exact_site", "Netherlands"),
        {
            content: "That is another Exact Online",
            trigger: ".o_field_widget[name='exact_site'] input:value('Netherlands')",
        },
        ...select("exact_site", "Belgium"),
        {
            content: "The address to register is this Odoo's own",
            trigger: `.o_field_widget[name='redirect_uri']:contains('${window.location.origin}/accountable_connect_exact/return')`,
        },
        {
            content: "Enter the client id",
            trigger: ".o_field_widget[name='exact_client_id'] input",
            run: `edit ${CLIENT_ID}`,
        },
        {
            content: "Enter the client secret",
            trigger: ".o_field_widget[name='password_entry'] input[type='password']",
            run: "edit sandbox-secret",
        },
        { content: "Store it", trigger: ".o_form_button_save", run: "click" },
        {
            content: "The secret is stored and not shown; signing in is next",
            trigger: ".o_form_saved:not(:has(.o_field_widget[name='password_entry'])) button[name='action_sign_in']:enabled",
        },
        {
            content: "Nobody signed in yet",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Not signed in')",
        },
    ],
});

tours.add("accountable_exact_set_up", {
    steps: () => [
        ...openPackagesMenu("accountable_sign_in_menu"),
        {
            content: "Open the sign-in",
            trigger: ".o_data_row .o_data_cell:contains('Office')",
            run: "click",
        },
        {
            content: "It says who signed in",
            trigger: ".o_form_view .o_field_widget[name='signed_in_as']:contains('Els Vandersmissen')",
        },
        {
            content: "It says what is reached",
            trigger: ".o_form_view .o_field_widget[name='administration_ids']:contains('Vandersmissen Bureaustoelen')",
        },
        {
            content: "The country cannot be changed any more",
            trigger: ".o_form_view .o_field_widget[name='exact_site'].o_readonly_modifier:contains('Belgium')",
        },
        ...newConnection(),
        {
            content: "It is signed in",
            trigger: "div[name='step_checklist'] .o_field_widget[name='sign_in_state']:contains('Signed in')",
        },
        {
            content: "Test it",
            trigger: "div[name='step_checklist'] button[name='action_test_sign_in']:enabled",
            run: "click",
        },
        ...setUpAndPost([
            ...chooseWithoutTax("Customer invoice", SALES_WITHOUT_VAT),
            ...chooseWithoutTax("Customer credit note", SALES_WITHOUT_VAT),
            ...chooseWithoutTax("Vendor bill", PURCHASES_WITHOUT_VAT),
            ...chooseWithoutTax("Vendor credit note", PURCHASES_WITHOUT_VAT),
        ]),
    ],
});

tours.add("accountable_exact_booked", {
    steps: () => [
        ...openInvoices(),
        {
            content: "The invoice has a green check and the number of its entry",
            trigger: ".o_data_row:has(.fa-check.text-success) .o_data_cell[name='accountable_number']:contains('70 2026/')",
        },
        ...openInvoice(),
        {
            content: "Its form shows the number, and that it is not paid",
            trigger: `.o_form_view:not(:has(${PAID})) button[name='action_accountable_jobs']:contains('70 2026/')`,
        },
    ],
});

tours.add("accountable_exact_paid", {
    steps: () => [
        ...openInvoices(),
        {
            content: "The list says it is paid",
            trigger: ".o_data_row .o_data_cell[name='status_in_payment']:contains('Paid')",
        },
        ...openInvoice(),
        {
            content: "Its form says so too",
            trigger: `.o_form_view ${PAID}`,
        },
    ],
});
