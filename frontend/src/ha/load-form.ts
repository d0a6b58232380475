/** Has Home Assistant load its form, which comes with the first editor that needs it. */

interface CardClass extends CustomElementConstructor {
  getConfigElement?(): Promise<unknown>;
}

export async function loadForm(): Promise<void> {
  if (customElements.get("ha-form")) return;
  try {
    await window.loadCardHelpers?.();
    const tile = customElements.get("hui-tile-card") as CardClass | undefined;
    await tile?.getConfigElement?.();
  } catch {
    // The form shows as soon as something else has loaded it.
  }
}
