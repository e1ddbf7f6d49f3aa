import { CartesianGrid, Line, LineChart as Lines, Tooltip, XAxis, YAxis } from 'recharts'
import { axisStyle, axisValue, bucketTicks, chartRows, valueDomain, valueTicks } from './axes.ts'
import { valueKinds, type ChartSeries } from './chart-data.ts'
import { tooltipContent } from './chart-tooltip.tsx'
import type { DrawnChartProps } from './drawn-charts.ts'

/** One line per series, broken where nothing is known; its name stands at its end. */
export function LineChart({ data, kind, width, height, label, description }: DrawnChartProps) {
  const ticks = valueTicks(data, kind, false)
  return (
    <Lines
      width={width}
      height={height}
      data={chartRows(data)}
      margin={{ top: 8, right: 40, bottom: 0, left: 0 }}
      title={label}
      desc={description}
    >
      <CartesianGrid vertical={false} stroke="var(--line)" />
      <XAxis
        height={24}
        dataKey="bucket"
        ticks={bucketTicks(data.buckets.length, width)}
        interval={0}
        padding={{ left: 12, right: 12 }}
        tickFormatter={(bucket: number) => data.buckets[bucket]?.label ?? ''}
        {...axisStyle}
      />
      <YAxis
        width={56}
        ticks={ticks}
        domain={valueDomain(ticks)}
        tickFormatter={axisValue(valueKinds[kind].format)}
        {...axisStyle}
      />
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: 'var(--line-strong)' }}
        content={tooltipContent({ data, kind, hasTotal: false })}
      />
      {data.series.map((series, index) => (
        <Line
          key={series.title}
          dataKey={`s${index}`}
          name={series.title}
          type="linear"
          stroke={series.colour}
          strokeWidth={1.75}
          dot={lonelyDot(series)}
          activeDot={{ r: 3, strokeWidth: 0 }}
          isAnimationActive={false}
          connectNulls={false}
          label={endLabel(series)}
        />
      ))}
    </Lines>
  )
}

interface DotProps {
  x?: number | string | undefined
  y?: number | string | undefined
  cx?: number | string | undefined
  cy?: number | string | undefined
  index?: number | undefined
}

/** A point without neighbours has no line: only a dot shows that it is there. */
function lonelyDot({ values, colour }: ChartSeries) {
  return ({ cx, cy, index = 0 }: DotProps) => {
    const isLonely = (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null
    if (!isLonely || (values[index] ?? null) === null) return <g key={index} />
    return <circle key={index} cx={cx} cy={cy} r={2.5} fill={colour} />
  }
}

function endLabel({ title, values }: ChartSeries) {
  const last = values.findLastIndex((value) => value !== null)
  return ({ x, y, index }: DotProps) =>
    index === last ? (
      <text key={index} x={Number(x) + 8} y={Number(y) + 4} fontSize={12} fill="var(--muted)">
        {title}
      </text>
    ) : (
      <g key={index} />
    )
}
