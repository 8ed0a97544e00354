import { useEffect } from "@odoo/owl";
import { hasTouch } from "@web/core/browser/feature_detection";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/** Whoever is led to a mapping chooses its counterpart at once: the picker has the focus. */
class MappingFormController extends FormController {
    setup() {
        super.setup();
        useEffect(
            (root) => {
                if (!hasTouch()) {
                    root?.querySelector(".o_field_widget[name='master_data_id'] input")?.focus();
                }
            },
            () => [this.rootRef.el, this.model.root.resId]
        );
    }
}

registry.category("views").add("accountable_mapping_form", {
    ...formView,
    Controller: MappingFormController,
});
