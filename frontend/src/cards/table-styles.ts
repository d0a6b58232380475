import { css } from "lit";

export const tableStyles = css`
  p {
    margin: 0;
    padding: 16px;
  }
  .container {
    container-type: inline-size;
    padding: 4px 8px 8px;
  }
  table {
    width: 100%;
    table-layout: fixed;
    border-collapse: collapse;
    font-size: 14px;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    box-sizing: border-box;
    padding: 4px 8px;
    text-align: end;
    font-weight: normal;
  }
  td {
    white-space: nowrap;
  }
  td.mode {
    white-space: normal;
    overflow-wrap: anywhere;
  }
  .hashrate {
    width: max(92px, 11cqi);
  }
  .temperature {
    width: max(104px, 11cqi);
  }
  .power {
    width: max(80px, 10cqi);
  }
  .efficiency {
    width: max(96px, 10cqi);
  }
  .mode {
    width: max(96px, 11cqi);
  }
  .profit {
    width: max(126px, 13cqi);
  }
  th.name,
  td.mode,
  th.mode {
    text-align: start;
  }
  .status {
    width: 44px;
    padding-inline: 8px 4px;
    text-align: center;
    --mdc-icon-size: 20px;
  }
  tbody .name {
    font-weight: 500;
    overflow-wrap: anywhere;
  }
  .name a,
  .name .link {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
    margin-block: 6px;
    /* Room for the line beneath, which is cut off otherwise. */
    line-height: 20px;
  }
  tbody tr {
    border-top: 1px solid var(--divider-color, #8884);
  }
  tbody tr:hover {
    background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
  }
  thead th {
    padding: 0;
    vertical-align: bottom;
  }
  thead button {
    display: flex;
    flex-direction: row-reverse;
    align-items: center;
    box-sizing: border-box;
    width: 100%;
    min-height: 44px;
    padding: 4px 8px;
    border: none;
    background: none;
    color: var(--secondary-text-color);
    font-size: 12px;
    font-weight: 500;
    text-align: end;
    cursor: pointer;
    --mdc-icon-size: 14px;
  }
  thead .name button,
  thead .mode button {
    flex-direction: row;
    text-align: start;
  }
  thead .status button {
    justify-content: center;
  }
  thead ha-icon {
    flex: none;
    margin-inline: 2px;
  }
  [aria-sort] button {
    color: var(--primary-text-color);
  }
  .unsorted {
    visibility: hidden;
  }
  thead button:is(:hover, :focus-visible) .unsorted,
  thead .status .unsorted {
    visibility: visible;
    opacity: 0.5;
  }
  .filter {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    padding: 12px 16px 0;
  }
  .filter input {
    flex: 1 1 160px;
    box-sizing: border-box;
    min-width: 0;
    height: 44px;
    padding: 0 12px;
    border: 1px solid var(--divider-color, #8888);
    border-radius: 8px;
    background: none;
    font-size: 16px;
  }
  .filter span {
    font-size: 12px;
  }
  @container (max-width: 800px) {
    .efficiency,
    .profit {
      display: none;
    }
  }
  @container (max-width: 560px) {
    .power,
    .mode {
      display: none;
    }
    .status {
      width: 32px;
    }
    .temperature {
      width: 92px;
    }
    th,
    td,
    thead button {
      padding-inline: 4px;
    }
  }
`;
