# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A first comparison
#
# What happens to the emergency rooms, and to how far people travel, if near care is built out? The whole region, one
# week, two replications. Too short for conclusions, long enough to see how the pieces fit.

# %%
import matplotlib.pyplot as plt

from sim import load_study, run_study

# %% [markdown]
# A study is a region, a care model, scenarios, dates, and a seed. Any of its keys can be changed here, as on the
# command line.

# %%
world = load_study(["study=vgr_quick", "results=../results"])
print(world.study.label.en)
for name, scenario in world.scenarios.items():
    print(f"{name}: {scenario.label.en} ({len(scenario.levers)} levers)")

# %% [markdown]
# Run it. Runs that were computed before are taken from the results folder; an interrupted study goes on where it was.

# %%
results = run_study(world)
results.manifest["wall_s"]

# %% [markdown]
# Every change is scenario minus baseline, with the same patients and the same luck (common random numbers), and a 95 %
# interval over the replications.

# %%
comparison = results.comparison
columns = ["scenario", "measure", "unit", "baseline", "change", "low", "high", "note"]
chosen = ["er_arrivals_per_day", "er_present_mean", "er_stay_median_min", "travel_min_per_resident_year"]
comparison.loc[(comparison["by"] == "all") & comparison["measure"].isin(chosen), columns]

# %% [markdown]
# The measures are one tidy table: any cut is a selection. Here the patients present over the hours of the week.

# %%
measures = results.measures
hours = measures[(measures["measure"] == "er_present_mean") & (measures["by"] == "hour_of_week")]
curves = hours.assign(hour=hours["group"].astype(int)).pivot_table(index="hour", columns="scenario", values="value")
axes = curves.plot(figsize=(9, 3.5), style=["-", "--"], xlabel="hour of the week (0 = Monday 00-01)")
axes.set_ylabel("patients present")
plt.show()

# %% [markdown]
# The table for the board is `write_report(results, "sv")`; it writes `report.html` into the results folder.
