import { openInvoices, openPackagesMenu } from "@accountable_connect/../tests/tours/steps";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

function selectAll() {
    return [
        {
            content: "Select all",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        { content: "They are selected", trigger: ".o_selection_box, .o_list_selection_box" },
    ];
}

function action(name) {
    return [
        {
            content: "Open the actions",
            trigger: ".o_cp_action_menus .dropdown-toggle:has(.fa-cog)",
            run: "click",
        },
        {
            content: name,
            trigger: `.o-dropdown--menu .o_menu_item:contains('${name}')`,
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("accountable_octopus_queue", {
    steps: () => [
        ...openPackagesMenu("accountable_job_menu"),
        {
            content: "Two failed",
            trigger: ".o_data_row:has(.badge:contains('Failed')) ~ .o_data_row:has(.badge:contains('Failed'))",
        },
        ...selectAll(),
        {
            content: "Try them again",
            trigger: ".o_control_panel button[name='action_retry']",
            run: "click",
        },
        {
            content: "Both wait",
            trigger: ".o_data_row:has(.badge:contains('Waiting')) ~ .o_data_row:has(.badge:contains('Waiting'))",
        },
        ...openInvoices(),
        { content: "The invoices are there", trigger: ".o_breadcrumb:contains('Invoices')" },
        ...selectAll(),
        ...action("Check before export"),
        {
            content: "The check names the document and what is missing, with the way to it",
            trigger: ".modal .alert-danger:contains('INV/2026'):contains('21%') a:contains('Open the mapping of 21%')",
        },
        {
            content: "Close it",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        { content: "It is closed", trigger: "body:not(:has(.modal))" },
        { content: "Nothing is selected", trigger: ".o_control_panel:not(:has(.o_selection_box, .o_list_selection_box))" },
        {
            content: "Open the first one",
            trigger: ".o_data_row .o_data_cell[name='name']",
            run: "click",
        },
        { content: "Its form is there", trigger: ".o_form_view button[name='action_accountable_jobs']" },
        ...action("Exclude from export"),
        {
            content: "It says so; include it again",
            trigger: ".o_form_view .alert:contains('excluded from the export') button[name='action_accountable_include']",
            run: "click",
        },
        {
            content: "It waits again",
            trigger: ".o_form_view button[name='action_accountable_jobs'] .o_stat_text:contains('To export')",
        },
        {
            content: "Leave the form",
            trigger: ".o_breadcrumb a, .breadcrumb-item a",
            run: "click",
        },
        { content: "The list is there", trigger: ".o_list_view .o_data_row" },
    ],
});

const SYNCHRONISING = ":has(button:contains('Synchronising'))";

registry.category("web_tour.tours").add("accountable_octopus_running", {
    steps: () => [
        ...openPackagesMenu("accountable_connection_menu"),
        {
            content: "The list of connections is there",
            trigger: ".o_breadcrumb:contains('Connections')",
        },
        {
            content: "Open the connection",
            trigger: ".o_data_row .o_data_cell",
            run: "click",
        },
        {
            content: "Synchronise",
            trigger: ".o_form_view button[name='action_synchronise']:enabled",
            run: "click",
        },
        {
            content: "It synchronises, until somebody pauses the connection elsewhere",
            trigger: `.o_form_view${SYNCHRONISING} .oe_title`,
            async run() {
                const url = new URL(window.location);
                const id = Number(url.pathname.split("/").at(-1));
                await rpc("/web/dataset/call_button/accountable.connection/action_pause", {
                    model: "accountable.connection",
                    method: "action_pause",
                    args: [[id]],
                    kwargs: {},
                });
            },
        },
        {
            content: "The screen shows the end by itself",
            trigger: `.o_form_view:not(${SYNCHRONISING}) .o_statusbar_status .o_arrow_button_current:contains('Paused')`,
        },
    ],
});

registry.category("web_tour.tours").add("accountable_octopus_other_company", {
    steps: () => [
        {
            content: "Its tab of Octopus",
            trigger: ".o_notebook .nav-link[name='octopus']",
            run: "click",
        },
        {
            content: "It is connected, though one works in another company",
            trigger: "button[name='action_accountable_connect']:contains('Open the connection')",
            run: "click",
        },
        {
            content: "The connection is there",
            trigger: ".o_form_view .o_statusbar_status .o_arrow_button_current:contains('Connected')",
        },
    ],
});
