import { css } from "lit";
import { meaningStyle } from "./meaning-style";

export const chartStyle = [
  meaningStyle,
  css`
    :host {
      display: block;
      min-width: 0;
    }
    figure {
      position: relative;
      margin: 0;
      /* Time goes from left to right, also where text does not. */
      direction: ltr;
    }
    figcaption {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
      white-space: nowrap;
    }
    svg {
      display: block;
      font-size: 11px;
      font-family: inherit;
    }
    .plot {
      outline: none;
      border-radius: 6px;
      touch-action: pan-y;
      cursor: crosshair;
    }
    .plot:focus-visible {
      outline: 2px solid var(--price-mode);
      outline-offset: 3px;
    }
    .axis {
      fill: var(--price-quiet);
    }
    .day {
      fill: var(--price-text);
      font-weight: 500;
    }
    .grid {
      stroke: var(--price-line);
    }
    .zero {
      stroke: var(--price-quiet);
    }
    .midnight {
      stroke: var(--price-quiet);
      stroke-dasharray: 2 3;
    }
    .unknown-text {
      fill: var(--price-text);
      font-size: 12px;
      paint-order: stroke;
      stroke: var(--price-card);
      stroke-width: 5px;
      stroke-linejoin: round;
    }
    .break-even {
      stroke: var(--price-text);
      stroke-width: 1.25;
      stroke-dasharray: 6 3;
    }
    .break-even-band {
      fill: color-mix(in srgb, var(--price-text) 7%, transparent);
      stroke: var(--price-text);
      stroke-width: 0.75;
      stroke-dasharray: 6 3;
    }
    .break-even-text,
    .value {
      fill: var(--price-text);
      font-weight: 500;
      paint-order: stroke;
      stroke: var(--price-card);
      stroke-width: 4px;
      stroke-linejoin: round;
    }
    line.now {
      stroke: var(--price-text);
      stroke-width: 2;
    }
    circle.now {
      fill: var(--price-text);
    }
    .lane .now {
      position: absolute;
      top: -2px;
      bottom: -2px;
      width: 2px;
      margin-left: -1px;
      background: var(--price-text);
    }
    .asked {
      position: absolute;
      top: 14px;
      bottom: 0;
      pointer-events: none;
      background: color-mix(in srgb, var(--price-text) 12%, transparent);
      border-radius: 3px;
    }
    .lane-name {
      margin-top: 6px;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
      font-size: 12px;
      line-height: 16px;
      color: var(--price-quiet);
    }
    .lane {
      position: relative;
      height: 18px;
    }
    .run {
      position: absolute;
      height: 18px;
      overflow: hidden;
      text-align: center;
      text-overflow: ellipsis;
      white-space: nowrap;
      font-size: 11px;
      line-height: 18px;
      color: var(--price-text);
    }
    .run.off {
      line-height: 16px;
      color: var(--price-quiet);
    }
    .run.none {
      color: var(--price-quiet);
      background: repeating-linear-gradient(
        -45deg,
        var(--price-line) 0 1px,
        transparent 1px 6px
      );
    }
    .more {
      margin: 8px 0 0;
      padding: 4px 0;
      border: none;
      background: none;
      font: inherit;
      color: var(--price-mode);
      cursor: pointer;
    }
    .tooltip {
      position: absolute;
      z-index: 2;
      top: 8px;
      box-sizing: border-box;
      min-width: 120px;
      padding: 8px 10px;
      border: 1px solid var(--price-line);
      border-radius: 8px;
      /* The card's colour may be translucent: beneath it is one that is not. */
      background-color: var(--primary-background-color, #fff);
      background-image: linear-gradient(var(--price-card), var(--price-card));
      box-shadow: 0 2px 8px rgba(0, 0, 0, 0.25);
      color: var(--price-text);
      font-size: 12px;
      line-height: 1.4;
      pointer-events: none;
      overflow-wrap: anywhere;
    }
    .when {
      color: var(--price-quiet);
    }
    .tooltip .price {
      font-size: 15px;
      font-weight: 500;
    }
    .in-window {
      color: var(--price-low);
    }
    dl {
      margin: 4px 0 0;
      padding-top: 4px;
      border-top: 1px solid var(--price-line);
    }
    .plan {
      display: flex;
      justify-content: space-between;
      gap: 10px;
    }
    dt {
      flex: 1 1 40%;
      min-width: 0;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
      color: var(--price-quiet);
    }
    dd {
      flex: 0 1 auto;
      max-width: 60%;
      margin: 0;
      text-align: end;
    }
  `,
];
