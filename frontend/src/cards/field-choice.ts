/** When what is picked in a select field is meant: at once, or only when told so. */

/** Keys that pick another option of a closed field, besides letters. */
const PICKING = new Set([
  "ArrowDown",
  "ArrowUp",
  "ArrowLeft",
  "ArrowRight",
  "Home",
  "End",
  "PageDown",
  "PageUp",
]);

interface Key {
  readonly key: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/**
 * Each press of an arrow picks the next option of a field, on the way to another.
 *
 * So what is picked by a key waits until the field is left or Enter is pressed.
 */
export class FieldChoice {
  /** What was picked by a key, and is not meant yet. */
  pending: string | undefined;

  private isByKey = false;

  /** Return whether the press of the key ends the wait for what is picked. */
  press(key: Key): "send" | "give up" | undefined {
    this.isByKey = isPicking(key);
    if (this.pending === undefined) return undefined;
    if (key.key === "Enter") return "send";
    return key.key === "Escape" ? "give up" : undefined;
  }

  /** A change that comes now was made in the open list. */
  release(): void {
    this.isByKey = false;
  }

  /** Return the option that was picked if it is meant at once. */
  pick(option: string): string | undefined {
    this.pending = this.isByKey ? option : undefined;
    return this.isByKey ? undefined : option;
  }

  /** Return what was waited for, if anything, and wait no more. */
  take(): string | undefined {
    const { pending } = this;
    this.pending = undefined;
    this.isByKey = false;
    return pending;
  }
}

function isPicking({ key, altKey, ctrlKey, metaKey }: Key): boolean {
  // With any of these, and by the space bar, the list opens or nothing is picked.
  if (altKey || ctrlKey || metaKey || key === " ") return false;
  return PICKING.has(key) || /^.$/u.test(key);
}
