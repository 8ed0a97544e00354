import { inViewport, seeSetUp } from "@accountable_connect/../tests/tours/connect_steps";
import { registry } from "@web/core/registry";

const PASSWORD = ".modal .o_field_widget[name='password_entry'] input[type='password']";

registry.category("web_tour.tours").add("accountable_octopus_connect", {
    steps: () => [
        {
            content: "The dashboard leads to the first step",
            trigger: ".o_kanban_record a:contains('Connect with Octopus')",
            run: "click",
        },
        {
            content: "It says what goes and what comes back",
            trigger: ".modal:contains('go to Octopus; payments come back')",
        },
        {
            content: "Nobody has to choose a company or a package, or to find an icon that saves",
            trigger: ".modal:not(:has(.o_form_button_save)):not(:has(.o_field_many2one))",
        },
        inViewport("Continue is in sight", ".modal button[name='action_continue']"),
        {
            content: "The user is asked first, and has the focus",
            trigger: ".modal .o_field_widget[name='octopus_user'] input:focus",
            run: "edit U99999999",
        },
        { content: "Then the password", trigger: PASSWORD, run: "edit wrong" },
        { content: "Enter continues", trigger: PASSWORD, run: "press Enter" },
        {
            content: "What is wrong stands beside the password",
            trigger:
                ".modal div[name='password'] .o_accountable_problem:contains('Octopus refuses the user or password')",
        },
        {
            content: "The user is kept",
            trigger: ".modal .o_field_widget[name='octopus_user'] input:value(U99999999)",
        },
        inViewport("Continue is still in sight", ".modal button[name='action_continue']"),
        {
            content: "The password has the focus and is typed again",
            trigger: `${PASSWORD}:focus`,
            run: "edit secret",
        },
        {
            content: "Go on",
            trigger: ".modal button[name='action_continue']:enabled",
            run: "click",
        },
        ...seeSetUp(),
    ],
});

registry.category("web_tour.tours").add("accountable_octopus_connect_again", {
    steps: () => [
        {
            content: "The dashboard leads to the first step",
            trigger: ".o_kanban_record a:contains('Connect with Octopus')",
            run: "click",
        },
        {
            content: "The sign-in of the office is offered by its name; nothing is asked",
            trigger:
                ".modal:not(:has(input[type='password'])) .o_field_widget[name='sign_in_id'] :contains('Octopus – U99999999'), .modal:not(:has(input[type='password'])) .o_field_widget[name='sign_in_id'] input:value(Octopus)",
        },
        {
            content: "One click",
            trigger: ".modal button[name='action_continue']:enabled",
            run: "click",
        },
        ...seeSetUp(),
    ],
});
