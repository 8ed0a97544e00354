/** Steps of the first step of a connection, which the tours of every package share. */

/** All of the element is inside the window. */
export function inViewport(content, trigger) {
    return {
        content,
        trigger,
        run() {
            const box = this.anchor.getBoundingClientRect();
            const inside =
                box.left >= 0 &&
                box.top >= 0 &&
                box.right <= window.innerWidth &&
                box.bottom <= window.innerHeight;
            if (!inside) {
                throw new Error(`${trigger} is outside the window: ${JSON.stringify(box)}`);
            }
        },
    };
}

/** The dialogue is gone, and the set-up goes on. */
export function seeSetUp() {
    return [
        {
            content: "The set-up goes on by itself",
            trigger: "body:not(:has(.modal)) .o_form_view div[name^='step_']:visible:not([name='step_checklist'])",
        },
    ];
}
