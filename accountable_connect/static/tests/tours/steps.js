/** Steps that the tours of every package share. */

function openMenu(section, item) {
    return [
        {
            content: `Open the section of ${item}`,
            trigger: `.o_menu_sections [data-menu-xmlid='${section}']`,
            run: "click",
        },
        {
            content: `Open ${item}`,
            trigger: `.o-dropdown--menu [data-menu-xmlid='${item}']`,
            run: "click",
        },
    ];
}

export function openPackagesMenu(item) {
    return openMenu("account.menu_finance_configuration", `accountable_connect.${item}`);
}

export function choose(field, text, inside = "") {
    return [
        {
            content: `Look for ${text}`,
            trigger: `${inside} .o_field_widget[name='${field}'] input`,
            run: `edit ${text}`,
        },
        {
            content: `Choose ${text}`,
            trigger: `.o-autocomplete--dropdown-item:contains('${text}')`,
            run: "click",
        },
    ];
}

/** Chooses one of the few values of a selection field. */
export function select(field, text) {
    return [
        {
            content: `Open the choices of ${field}`,
            trigger: `.o_field_widget[name='${field}'] input`,
            run: "click",
        },
        {
            content: `Choose ${text}`,
            trigger: `.o_select_menu_item:contains('${text}')`,
            run: "click",
        },
    ];
}

export function openInvoices() {
    return openMenu("account.menu_finance_receivables", "account.menu_action_move_out_invoice_type");
}

export function create(listTitle) {
    return [
        {
            content: `The list of ${listTitle} is there`,
            trigger: `.o_breadcrumb:contains('${listTitle}')`,
        },
        {
            content: "Make a new one",
            trigger: ".o_control_panel_main_buttons .o_list_button_add",
            run: "click",
        },
    ];
}

/** A sign-in called "Office" of a package, not stored yet. */
export function newSignIn(packageTitle) {
    return [
        ...openPackagesMenu("accountable_sign_in_menu"),
        ...create("Sign-ins"),
        {
            content: "Name the sign-in",
            trigger: ".o_field_widget[name='name'] input",
            run: "edit Office",
        },
        ...select("package", packageTitle),
    ];
}

/** A connection over the sign-in "Office". */
export function newConnection() {
    return [
        ...openPackagesMenu("accountable_connection_menu"),
        ...create("Connections"),
        ...choose("sign_in_id", "Office"),
        { content: "Store it", trigger: ".o_form_button_save", run: "click" },
    ];
}

/** The part of the guided form that is shown. */
function shownStep() {
    return document.querySelector(".o_form_view div[name^='step_']")?.getAttribute("name");
}

async function until(condition, what) {
    for (let tries = 0; tries < 300; tries++) {
        const found = condition();
        if (found) {
            return found;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${what} did not come; shown is ${shownStep()}`);
}

const enabled = (name) => document.querySelector(`.o_form_view button[name='${name}']:enabled`);

/** Confirms all that is proposed in the step that is shown, the uncertain ones too. */
async function confirmShown() {
    const uncertain = enabled("action_confirm_mappings");
    const button = uncertain || enabled("action_confirm_certain");
    if (!button) {
        return;
    }
    button.click();
    if (uncertain) {
        const yes = () => document.querySelector(".modal .modal-footer .btn-primary");
        (await until(yes, "The question about uncertain ones")).click();
    }
    const left = ".o_form_view div[name^='step_'] button[name^='action_confirm_']";
    const rows = ".o_data_row button, .o_kanban_record button";
    const done = () =>
        !document.querySelector(".modal") &&
        [...document.querySelectorAll(left)].every((one) => one.closest(rows));
    await until(done, "The confirmation");
}

/**
 * Confirms what is proposed and goes on until a step, the start date or the summary: which steps
 * have something to decide hangs on what is proposed.
 */
function decideUntil(step) {
    const ends = [step, "start", "summary"].map((each) => `step_${each}`);
    return [
        {
            content: `Decide and go on until ${step}`,
            trigger: ".o_form_view div[name^='step_']",
            timeout: 60000,
            async run() {
                while (!ends.includes(shownStep())) {
                    await confirmShown();
                    const before = shownStep();
                    const go = await until(() => enabled("action_next_step"), "Continue");
                    go.click();
                    await until(() => shownStep() && shownStep() !== before, "Another step");
                }
            },
        },
        { content: `The step ${step} is there`, trigger: `div[name='step_${step}']:visible` },
    ];
}

/** Presses *Continue* and waits for the step. */
function next(step) {
    return [
        {
            content: `Go to the step ${step}`,
            trigger: ".o_form_view button[name='action_next_step']:enabled",
            run: "click",
        },
        { content: `The step ${step} is there`, trigger: `div[name='step_${step}']:visible` },
    ];
}

/** The number of the administration is not that of the company: a person says that it is right. */
function confirmBooks(administration) {
    const confirm = "button[name='action_confirm_administration']";
    return [
        { content: "Store the administration", trigger: ".o_form_button_save", run: "click" },
        {
            content: "It is asked whether these are the right books",
            trigger: `.alert:contains('${administration}') ${confirm}:enabled`,
            run: "click",
        },
        { content: "They are", trigger: ".modal .modal-footer .btn-primary", run: "click" },
        { content: "It is not asked again", trigger: `.o_form_view:not(:has(${confirm}))` },
    ];
}

/** Chooses the code for lines without tax of one kind of document, which has no proposal. */
export function chooseWithoutTax(documentKind, code) {
    const row = `div[name='step_vat_codes'] .o_data_row:contains('No tax'):has(.o_data_cell[name='document_kind']:contains(/^${documentKind}$/))`;
    return [
        {
            content: `Edit the row of no tax on a ${documentKind}`,
            trigger: `${row} .o_data_cell[name='master_data_id']`,
            run: "click",
        },
        // The row that was edited before is left only after a moment.
        ...choose("master_data_id", code, `${row}.o_selected_row`),
        {
            content: `${code} is chosen`,
            trigger: `${row}.o_selected_row .o_field_widget[name='master_data_id'] input:value(/${code}/)`,
        },
    ];
}

/**
 * The guided set-up of a connection whose sign-in works, from the checklist to the start;
 * `vatCodesByHand` are the steps of a person where there is no proposal.
 */
function setUp(administration, startDate, vatCodesByHand = []) {
    return [
        ...next("administration"),
        ...choose("administration_id", administration, "div[name='step_administration']"),
        ...confirmBooks(administration),
        ...(vatCodesByHand.length ? decideUntil("vat_codes") : []),
        ...vatCodesByHand,
        ...decideUntil("start"),
        {
            content: "Open the start date",
            trigger: "div[name='step_start'] .o_field_widget[name='start_date'] button, div[name='step_start'] .o_field_widget[name='start_date'] input",
            run: "click",
        },
        {
            content: "Enter the start date",
            trigger: "div[name='step_start'] .o_field_widget[name='start_date'] input",
            run: `edit ${startDate} && press Tab`,
        },
        ...next("summary"),
        {
            content: "Nothing is missing, start",
            trigger: ".o_form_view:not(:has(div[name='step_summary'] .alert-danger)) button[name='action_start']:enabled",
            run: "click",
        },
        {
            content: "It is connected",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Connected')",
        },
    ];
}

/** A customer invoice of one line, posted. */
export function postInvoice(partner, label, price, day) {
    return [
        ...openInvoices(),
        ...create("Invoices"),
        ...choose("partner_id", partner),
        {
            content: "Open the date",
            trigger: ".o_field_widget[name='invoice_date'] button, .o_field_widget[name='invoice_date'] input",
            run: "click",
        },
        {
            content: "Enter the date",
            trigger: ".o_field_widget[name='invoice_date'] input",
            run: `edit ${day} && press Tab`,
        },
        {
            content: "Add a line",
            trigger: "div[name='invoice_line_ids'] .o_field_x2many_list_row_add a:contains('Add a line')",
            run: "click",
        },
        {
            content: "Say what it is",
            trigger: "div[name='invoice_line_ids'] .o_selected_row div[name='name'] textarea, div[name='invoice_line_ids'] .o_selected_row div[name='name'] input",
            run: `edit ${label}`,
        },
        {
            content: "Enter the price",
            trigger: "div[name='invoice_line_ids'] .o_selected_row div[name='price_unit'] input",
            run: `edit ${price} && press Tab`,
        },
        {
            content: "Post it",
            trigger: "button[name='action_post']:enabled",
            run: "click",
        },
        {
            content: "It is posted",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Posted')",
        },
    ];
}

/** The guided set-up of the connection to Vandersmissen's books, and an invoice that then waits. */
export function setUpAndPost(vatCodesByHand = []) {
    return [
        ...setUp("Vandersmissen", "01/01/2026", vatCodesByHand),
        ...postInvoice("Garage Peeters", "Repair", "1000", "03/15/2026"),
        {
            content: "It waits in the queue",
            trigger: "button[name='action_accountable_jobs'] .o_stat_text:contains('To export')",
        },
    ];
}
