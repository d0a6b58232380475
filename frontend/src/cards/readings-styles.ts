import { css } from "lit";

export const readingsStyles = css`
  :host {
    height: var(--feature-height, 42px);
    container-type: inline-size;
    /* What is not a control belongs to the tile, as in the features of others. */
    pointer-events: none !important;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 8px;
    height: 100%;
  }
  .readings {
    display: flex;
    flex: 1 1 0;
    flex-wrap: wrap;
    align-content: center;
    gap: 0 10px;
    min-width: 0;
    max-height: 100%;
    overflow: hidden;
    font-size: 13px;
    line-height: 18px;
    font-variant-numeric: tabular-nums;
  }
  .readings span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .wrong {
    display: flex;
    align-items: center;
    gap: 4px;
    min-width: 0;
    max-width: 100%;
    --mdc-icon-size: 18px;
  }
  .wrong ha-icon {
    flex: none;
  }
  .wrong span {
    color: var(--primary-text-color);
  }
  select {
    flex: 0 1 auto;
    box-sizing: border-box;
    min-width: 72px;
    max-width: 50%;
    height: 100%;
    padding: 0 22px 0 10px;
    border: 1px solid transparent;
    border-radius: var(--feature-border-radius, 12px);
    appearance: none;
    background:
      linear-gradient(45deg, transparent 50%, currentcolor 50%) right 13px center / 5px
        5px no-repeat,
      linear-gradient(-45deg, transparent 50%, currentcolor 50%) right 8px center / 5px
        5px no-repeat,
      color-mix(in srgb, var(--primary-text-color) 8%, transparent);
    font-size: 14px;
    text-overflow: ellipsis;
    pointer-events: auto;
    cursor: pointer;
  }
  select.pending {
    border: 1px dashed var(--primary-text-color, currentcolor);
  }
  select:disabled {
    opacity: 0.5;
    cursor: default;
  }
  option {
    background: var(--card-background-color, Canvas);
    color: var(--primary-text-color, CanvasText);
  }
  @container (max-width: 200px) {
    .row {
      gap: 4px;
    }
    .readings {
      flex-basis: 56px;
      font-size: 12px;
      line-height: 14px;
    }
    .wrong {
      --mdc-icon-size: 14px;
    }
    select {
      min-width: 60px;
      max-width: 60%;
      padding: 0 14px 0 6px;
      background-position:
        right 8px center,
        right 3px center,
        0 0;
      font-size: 12px;
    }
  }
`;
