import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

/**
 * Opens the action `next` while `company_id` is active beside the companies one works in: a record
 * of another company could not be read. Nothing is loaded again for it.
 */
async function openInCompany(env, action) {
    const { company_id: companyId, next } = action.params;
    const active = user.activeCompanies.map((company) => company.id);
    if (!active.includes(companyId)) {
        user.activateCompanies([...active, companyId], { reload: false });
    }
    return next;
}

registry.category("actions").add("accountable_open_in_company", openInCompany);
