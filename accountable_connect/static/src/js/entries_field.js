import { ActionableErrors } from "@account/components/actionable_errors/actionable_errors";
import { Component, useEffect, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Documents as the entries the package will receive, with the button that sends one of them first.
 * The value of the field is what `_preview` of `accountable.set.up` gives.
 */
export class EntriesField extends Component {
    static template = "accountable_connect.EntriesField";
    static components = { ActionableErrors };
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ sending: false, reading: false, asked: [] });
        useEffect(
            (value) => {
                if (value?.example || value?.asked) {
                    this.read();
                }
            },
            () => [this.props.record.data[this.props.name]]
        );
    }

    get value() {
        return this.props.record.data[this.props.name] || { example: false, entries: [] };
    }

    get entries() {
        return this.value.example || this.value.asked ? this.state.asked : this.value.entries;
    }

    /** What is only made for this, and what takes its time, is asked for apart from the form. */
    async read() {
        const { resModel, resId } = this.props.record;
        this.state.reading = true;
        try {
            this.state.asked = await this.orm.call(resModel, "read_examples", [resId]);
        } finally {
            this.state.reading = false;
        }
    }

    /** The batch in which a document stands. */
    openBatch(entry) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "accountable.batch",
            res_id: entry.batch,
            views: [[false, "form"]],
        });
    }

    /** Whether one went already, and the others wait. */
    get restWaits() {
        return this.props.record.data.rest_waits;
    }

    /** Whether the button stands at an entry: again where it failed. */
    maySend(entry) {
        const { may_send_first: mayAny } = this.props.record.data;
        return mayAny && entry.id && ["waits", "failed"].includes(entry.state);
    }

    async sendFirst(entry) {
        const { record } = this.props;
        this.state.sending = true;
        try {
            if (await record.save()) {
                await this.action.doActionButton({
                    type: "object",
                    name: "action_send_first",
                    args: JSON.stringify([entry.id]),
                    resModel: record.resModel,
                    resId: record.resId,
                    resIds: [record.resId],
                    context: record.context,
                    onClose: () => record.load(),
                });
            }
        } finally {
            this.state.sending = false;
        }
    }
}

registry.category("fields").add("accountable_entries", {
    component: EntriesField,
    supportedTypes: ["json"],
});
