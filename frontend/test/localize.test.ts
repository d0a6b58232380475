import { describe, expect, it } from "vitest";

import cards from "../src/i18n/en/cards.json";
import priceCard from "../src/i18n/en/price-card.json";
import strategy from "../src/i18n/en/strategy.json";
import { localizer } from "../src/i18n/localize";

describe("localizer", () => {
  const found = { shown: 3, total: 50 };

  it.each(["en", "en-GB", "tlh", ""])(
    "speaks English where asked for %j",
    (language) => {
      expect(localizer(language)("cards.table.found", found)).toBe("3 of 50 miners");
    },
  );

  it("puts in values as they are, and leaves what it is not told", () => {
    const text = localizer("en");

    expect(text("cards.create.exists", { title: "$& {title}" })).toBe(
      "The dashboard “$& {title}” is there already.",
    );
    expect(text("cards.table.found", { shown: 0 })).toBe("0 of {total} miners");
  });
});

describe("the texts", () => {
  it("are each in the file of what they are for", () => {
    const strays = [
      [cards, "cards."],
      [priceCard, "price_card."],
      [strategy, "strategy."],
    ].flatMap(([texts, prefix]) =>
      Object.keys(texts as object).filter((key) => !key.startsWith(prefix as string)),
    );

    expect(strays).toEqual([]);
  });
});
