"""The tab of a package on the company, and its block in the settings, were views of its addon: each
is made from one view of this addon now. What people changed on them has nothing to stand on any
more: it is switched off and kept, or it would be deleted with them."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE ir_ui_view custom
           SET inherit_id = tab.inherit_id, active = FALSE
          FROM ir_ui_view tab
          JOIN ir_model_data name ON name.model = 'ir.ui.view' AND name.res_id = tab.id
         WHERE custom.inherit_id = tab.id AND tab.inherit_id IS NOT NULL
           AND name.module LIKE 'accountable\\_connect\\_%'
           AND name.name IN ('view_company_form', 'res_config_settings_view_form')
        """
    )
