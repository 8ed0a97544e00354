import { choose } from "@accountable_connect/../tests/tours/steps";
import { registry } from "@web/core/registry";

/** What is found is on the screen, none of it beside it. */
function seen(content, trigger) {
    return {
        content,
        trigger,
        run() {
            const box = this.anchor.getBoundingClientRect();
            if (box.left < 0 || box.right > window.innerWidth + 1) {
                throw new Error(`${content}: from ${box.left} to ${box.right} of ${window.innerWidth}`);
            }
        },
    };
}

/** Opens the only item of the queue: a row, on a narrow screen a card. */
function openItem() {
    return [
        {
            content: "Open the item that failed",
            trigger: ".o_data_row .o_data_cell[name='name'], .o_kanban_record:not(.o_kanban_ghost):contains('INV/')",
            run: "click",
        },
        { content: "Its form is there", trigger: ".o_form_view [name='alerts']" },
    ];
}

const ALERT = ".o_form_view [name='alerts'] .alert-danger";

/** From the item that failed to its mapping and back; `pick` chooses the counterpart. */
function leadHome(pick) {
    return [
        ...openItem(),
        seen("It names the tax", `${ALERT}:contains('Tax 21%')`),
        seen("It says that the document goes afterwards", `${ALERT}:contains('goes by itself')`),
        {
            content: "Go to the mapping of that tax",
            trigger: `${ALERT} a:contains('Open the mapping of 21%')`,
            run: "click",
        },
        seen("The mapping says what is missing", `${ALERT}:contains('no counterpart')`),
        seen("And what waits for it", ".o_form_view [name='alerts'] .alert-info:contains('One document waits')"),
        {
            content: "One can type at once; a telephone shows no keyboard unasked",
            trigger: ".o_form_view .o_field_widget[name='master_data_id'] input",
            run() {
                if (window.innerWidth > 600 && document.activeElement !== this.anchor) {
                    throw new Error("The picker has not the focus");
                }
            },
        },
        ...pick,
        { content: "Store it", trigger: ".o_form_button_save", run: "click" },
        {
            content: "It is confirmed, and nothing waits any more",
            trigger: ".o_form_view:not(:has(.alert)):contains('Confirmed')",
        },
        {
            content: "Back to the item",
            trigger: ".o_back_button, .breadcrumb-item:last a",
            run: "click",
        },
        {
            content: "Nothing is wrong with it any more",
            trigger: ".o_form_view:has(.o_field_widget[name='operation']):not(:has(.alert))",
        },
    ];
}

const PICKER = ".o_form_view .o_field_widget[name='master_data_id'] input";

registry.category("web_tour.tours").add("accountable_octopus_lead_home", {
    steps: () => leadHome(choose("master_data_id", "Verkoop binnenland 21", ".o_form_view")),
});

/** On a telephone one chooses out of cards. */
registry.category("web_tour.tours").add("accountable_octopus_lead_home_phone", {
    steps: () =>
        leadHome([
            { content: "Open the choices", trigger: PICKER, run: "click" },
            {
                ...seen(
                    "Choose by number and name",
                    ".modal .o_kanban_record:has(.fw-bold):contains('Verkoop binnenland 21')"
                ),
                run: "click",
            },
            { content: "It is chosen", trigger: "body:not(:has(.modal))" },
        ]),
});

registry.category("web_tour.tours").add("accountable_octopus_lead_home_user", {
    steps: () => [
        ...openItem(),
        seen("It names the tax, and who can confirm it", `${ALERT}:contains('Tax 21%'):contains('Mia Manager')`),
        {
            content: "Look at the mapping of that tax",
            trigger: `${ALERT} a:contains('See the mapping of 21%')`,
            run: "click",
        },
        seen("It says who can choose", ".o_form_view [name='alerts'] .alert:contains('can correct it'):contains('Mia Manager')"),
        {
            content: "What waits for it",
            trigger: ".o_form_view [name='alerts'] .alert-info:contains('One document waits') a",
            run: "click",
        },
        {
            content: "The queue shows it",
            trigger: ".o_data_row:contains('INV/'), .o_kanban_record:contains('INV/')",
        },
    ],
});
