/** Settings kept in the browser's local storage, to be found again in a new tab. */

/** What is kept under a key; where there is nothing, or something of another version, what `parse` makes of nothing. */
export function keptText<Settings>(key: string, parse: (unknown: unknown) => Settings): Settings {
  try {
    return parse(JSON.parse(localStorage.getItem(key) ?? '{}'));
  } catch {
    return parse({});
  }
}

/** Without storage, settings have to be typed again in a new tab. */
export function keepText(key: string, settings: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(settings));
  } catch {
    // Nothing is lost that cannot be typed.
  }
}
