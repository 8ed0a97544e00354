import { onMounted, useEffect } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

const CONTINUE = "button[name='action_continue']";
const INPUTS = ".o_field_widget input[type='text'], .o_field_widget input[type='password']";

/**
 * The dialogue in which a person signs in: the keyboard is enough. What needs another look has the
 * focus, else the first empty field, else Continue; Enter continues.
 */
export class ConnectController extends FormController {
    setup() {
        super.setup();
        onMounted(() => setTimeout(() => this.focusFirst()));
        useEffect(
            (scope) => {
                const onKeydown = (ev) => this.onEnter(ev);
                scope?.addEventListener("keydown", onKeydown);
                return () => scope?.removeEventListener("keydown", onKeydown);
            },
            () => [this.scope]
        );
    }

    /** The dialogue with its footer, or the page. */
    get scope() {
        const form = this.rootRef.el;
        return form?.closest(".modal-content") || form;
    }

    focusFirst() {
        const scope = this.scope;
        if (!scope) {
            return; // it was closed meanwhile
        }
        const wrong = scope.querySelector(".o_accountable_problem")?.parentElement;
        const inputs = [...scope.querySelectorAll(INPUTS)].filter((input) => !input.readOnly);
        const first =
            wrong?.querySelector("input") ||
            inputs.find((input) => !input.value && !input.placeholder) ||
            scope.querySelector(CONTINUE);
        first?.focus();
    }

    onEnter(ev) {
        if (ev.key === "Enter" && !ev.defaultPrevented && ev.target.matches(INPUTS)) {
            ev.preventDefault();
            this.scope.querySelector(CONTINUE)?.click();
        }
    }
}

registry.category("views").add("accountable_connect", {
    ...formView,
    Controller: ConnectController,
});
