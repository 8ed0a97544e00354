import { onPatched } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";
import { ListRenderer } from "@web/views/list/list_renderer";

const CONFIRM = "button[name='action_confirm']";

/**
 * The rows of a step of the set-up. Enter on the button of a row presses it, where Odoo's list would
 * edit the row; when the row has gone down to the confirmed ones, the focus is on the one that took
 * its place, so that row after row is confirmed without leaving the keyboard.
 */
export class MappingListRenderer extends ListRenderer {
    setup() {
        super.setup();
        this.pressedRow = null;
        onPatched(() => this.focusWherePressed());
    }

    get rows() {
        return [...this.tableRef.el.querySelectorAll(".o_data_row")];
    }

    onCellKeydown(ev, ...others) {
        if (["Enter", " "].includes(ev.key) && ev.target.closest(CONFIRM)) {
            this.pressedRow = this.rows.indexOf(ev.target.closest(".o_data_row"));
            return;
        }
        this.pressedRow = null;
        super.onCellKeydown(ev, ...others);
    }

    focusWherePressed() {
        if (this.pressedRow === null || document.activeElement !== document.body) {
            return;
        }
        const button = this.rows[this.pressedRow]?.querySelector(CONFIRM);
        button?.focus();
    }
}

export class MappingListField extends X2ManyField {
    static components = { ...X2ManyField.components, ListRenderer: MappingListRenderer };
}

registry.category("fields").add("accountable_mappings", {
    ...x2ManyField,
    component: MappingListField,
});
