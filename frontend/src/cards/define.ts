/**
 * Register an element, unless it is there already.
 *
 * A browser that has an older version of this module cached may load both.
 */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}
