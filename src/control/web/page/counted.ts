/** A whole number in a sentence: as its locale writes it, and with the word that goes with it. Only `Format` makes one. */
export class Counted {
  readonly #text: string;
  readonly #plural: Intl.LDMLPluralRule;

  /** `plural`: its category in the locale, as `one`, `few`, `other`. */
  constructor(readonly value: number, text: string, plural: Intl.LDMLPluralRule) {
    this.#text = text;
    this.#plural = plural;
  }

  /** `1 peer`, `1,234 peers`. */
  of(one: string, other: string): string {
    return `${this.#text} ${this.either(one, other)}`;
  }

  /** What goes with it, without the number. */
  either(one: string, other: string): string {
    return this.#plural === "one" ? one : other;
  }

  /** The number itself. */
  toString(): string {
    return this.#text;
  }
}
