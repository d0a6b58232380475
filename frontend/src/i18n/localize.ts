import cards from "./en/cards.json";
import priceCard from "./en/price-card.json";
import strategy from "./en/strategy.json";

const ENGLISH = { ...cards, ...priceCard, ...strategy };

export type TextKey = keyof typeof ENGLISH;

/** Texts by language, each as complete as its translator made it. */
const LANGUAGES: Readonly<Record<string, Partial<Record<TextKey, string>>>> = {
  en: ENGLISH,
};

export type Localize = (
  key: TextKey,
  values?: Readonly<Record<string, string | number>>,
) => string;

/** Return what looks texts up, in English where a language has none. */
export function localizer(language: string): Localize {
  const base = language.split("-", 1)[0] ?? "en";
  const texts = LANGUAGES[language] ?? LANGUAGES[base] ?? {};
  return (key, values = {}) =>
    (texts[key] ?? ENGLISH[key]).replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      return value === undefined ? whole : String(value);
    });
}
