import { css } from "lit";

/** Colours and patterns of what prices mean, for the chart and for its legend. */
export const meaningStyle = css`
  :host {
    --price-negative: var(--light-blue-color, #03a9f4);
    --price-low: var(--success-color, #43a047);
    --price-mixed: var(--amber-color, #ffc107);
    --price-high: var(--deep-orange-color, #ff6f22);
    --price-ordinary: var(--blue-grey-color, #607d8b);
    /* A card's own background may be a gradient or none, which can not be mixed. */
    --price-card: var(--card-background-color, var(--primary-background-color, #fff));
    --price-text: var(--primary-text-color, #212121);
    --price-quiet: var(--secondary-text-color, #727272);
    --price-line: var(--divider-color, rgba(127, 127, 127, 0.25));
    --price-mode: var(--primary-color, #009ac7);
  }
  .bar.negative {
    fill: var(--price-negative);
  }
  .bar.below_all,
  .bar.cheap {
    fill: var(--price-low);
  }
  .bar.ordinary {
    fill: color-mix(in srgb, var(--price-ordinary) 45%, var(--price-card));
  }
  .bar.past {
    opacity: 0.4;
  }
  #stripes .wash {
    fill: color-mix(in srgb, var(--price-high) 38%, var(--price-card));
  }
  #stripes .ink {
    fill: var(--price-high);
  }
  #dots .wash {
    fill: color-mix(in srgb, var(--price-mixed) 80%, var(--price-card));
  }
  #dots .ink {
    fill: color-mix(in srgb, var(--price-mixed) 45%, #000);
  }
  .haze-line {
    fill: var(--price-quiet);
    opacity: 0.25;
  }
  .unknown {
    stroke: var(--price-line);
  }
  .window {
    fill: color-mix(in srgb, var(--price-low) 18%, transparent);
    stroke: var(--price-low);
    stroke-width: 1.5;
    stroke-dasharray: 1.5 2;
    stroke-linecap: round;
  }
  .cut {
    fill: none;
    stroke: var(--price-card);
    stroke-width: 3;
  }
  .run {
    box-sizing: border-box;
    border-radius: 4px;
    background: color-mix(in srgb, var(--price-mode) var(--tone), var(--price-card));
  }
  .run.off {
    background: none;
    border: 1px solid var(--price-line);
  }
`;
