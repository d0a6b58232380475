import { css } from "lit";
import { meaningStyle } from "./meaning-style";

export const cardStyle = [
  meaningStyle,
  css`
    :host {
      display: block;
      height: 100%;
    }
    ha-card {
      box-sizing: border-box;
      height: 100%;
      padding: 16px;
      color: var(--price-text);
    }
    header {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: 8px;
    }
    h2 {
      margin: 0;
      font-size: var(--ha-font-size-l, 16px);
      font-weight: var(--ha-font-weight-medium, 500);
      line-height: 1.4;
      overflow-wrap: anywhere;
    }
    p {
      margin: 8px 0 12px;
      color: var(--price-quiet);
      line-height: 1.5;
    }
    a {
      color: var(--price-mode);
      font-weight: var(--ha-font-weight-medium, 500);
    }
    .periods {
      display: flex;
      padding: 2px;
      border-radius: 10px;
      background: color-mix(in srgb, var(--price-text) 8%, transparent);
    }
    .periods button {
      padding: 7px 12px;
      border: none;
      border-radius: 8px;
      background: none;
      font: inherit;
      font-size: 13px;
      line-height: 18px;
      color: var(--price-quiet);
      cursor: pointer;
    }
    .periods button[aria-pressed="true"] {
      background: var(--price-card);
      color: var(--price-text);
      font-weight: var(--ha-font-weight-medium, 500);
      box-shadow: 0 1px 3px rgba(0, 0, 0, 0.2);
    }
    button:focus-visible,
    a:focus-visible {
      outline: 2px solid var(--price-mode);
      outline-offset: 1px;
    }
    .current {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 16px;
      margin: 10px 0 12px;
    }
    .current .price {
      font-size: 34px;
      line-height: 1.15;
      letter-spacing: -0.5px;
      font-variant-numeric: tabular-nums;
    }
    .current .price.none {
      font-size: 22px;
      letter-spacing: 0;
    }
    .unit {
      margin-inline-start: 5px;
      font-size: 15px;
      letter-spacing: 0;
      color: var(--price-quiet);
    }
    .about {
      font-size: 13px;
      line-height: 1.4;
      color: var(--price-quiet);
    }
    .meaning {
      color: var(--price-text);
      font-weight: var(--ha-font-weight-medium, 500);
    }
    .patterns {
      position: absolute;
      width: 0;
      height: 0;
    }
    .legend {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 14px;
      margin: 12px 0 0;
      padding: 0;
      list-style: none;
      font-size: 12px;
      line-height: 1.4;
      color: var(--price-quiet);
    }
    .legend li {
      display: flex;
      align-items: center;
      gap: 6px;
      min-width: 0;
    }
    .legend svg,
    .legend .run {
      flex: none;
      width: 12px;
      height: 12px;
    }
    .legend .cut {
      stroke: var(--price-text);
      stroke-width: 2;
    }
    .legend .run {
      border-radius: 3px;
    }
    .name {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    ha-card.compact {
      display: flex;
      min-height: 56px;
      padding: 0;
      overflow: hidden;
    }
    .tile {
      display: flex;
      align-items: center;
      gap: 12px;
      width: 100%;
      min-width: 0;
      padding: 0 12px;
      border: none;
      border-radius: inherit;
      background: none;
      font: inherit;
      color: inherit;
      text-align: start;
      cursor: pointer;
    }
    .tile:focus-visible {
      outline-offset: -2px;
    }
    .texts {
      display: flex;
      flex: 0 0 auto;
      flex-direction: column;
      /* As wide as the price, which is never cut, and wider where there is room. */
      min-width: min(45%, 130px);
      max-width: 75%;
      line-height: 1.4;
    }
    .texts > * {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .texts .price {
      font-size: var(--ha-font-size-m, 14px);
      font-weight: var(--ha-font-weight-medium, 500);
    }
    .texts .title {
      contain: inline-size;
      font-size: var(--ha-font-size-s, 12px);
      color: var(--price-quiet);
    }
    .tile miner-controller-price-sparkline {
      flex: 1 1 0;
    }
  `,
];
