import { Component, onMounted, onWillUnmount, useEffect, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// So often a screen that shows a synchronisation asks whether it ended, in milliseconds.
const ASK_EVERY = 3000;

/**
 * Shows nothing: as long as the connection of the record synchronises, it asks now and then whether
 * that ended, and then loads the record anew. It asks by itself, because whoever looks is not always
 * the one who pressed the button.
 */
export class RunningField extends Component {
    static template = xml`<span class="o_accountable_running"/>`;
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.timer = null;
        onMounted(() => {
            this.mounted = true;
        });
        useEffect(
            (running) => {
                this.stop();
                if (running) {
                    this.later();
                }
            },
            () => [this.props.record.data[this.props.name]]
        );
        onWillUnmount(() => {
            this.mounted = false;
            this.stop();
        });
    }

    later() {
        this.timer = setTimeout(() => this.ask(), ASK_EVERY);
    }

    stop() {
        clearTimeout(this.timer);
    }

    async ask() {
        const { name, record } = this.props;
        let running = true;
        try {
            const [values] = await this.orm.silent.read(record.resModel, [record.resId], [name]);
            running = !values || values[name];
        } catch {
            // no answer, or no right any more: what is shown stays
        }
        if (!this.mounted) {
            return;
        }
        // what somebody is typing is not lost
        if (running || (await record.isDirty())) {
            this.later();
        } else {
            await record.load();
        }
    }
}

registry.category("fields").add("accountable_running", {
    component: RunningField,
    supportedTypes: ["boolean"],
});
