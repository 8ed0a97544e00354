import { registry } from "@web/core/registry";
import { StatusBarField, statusBarField } from "@web/views/fields/statusbar/statusbar_field";

/** The steps of the set-up that the package of the connection has, as `steps_shown` names them. */
export class StepsField extends StatusBarField {
    getAllItems() {
        const steps = (this.props.record.data.steps_shown || "").split(",");
        return super.getAllItems().filter((item) => steps.includes(item.value) || item.isSelected);
    }
}

registry.category("fields").add("accountable_steps", {
    ...statusBarField,
    component: StepsField,
    additionalClasses: ["o_field_statusbar"],
    fieldDependencies: [{ name: "steps_shown", type: "char", readonly: true }],
});
