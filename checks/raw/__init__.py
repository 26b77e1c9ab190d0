"""Every feed that departments deliver. Adding a feed: one module with its class, one line in each list here."""

from __future__ import annotations

from checks.raw.away_work import AwayWork
from checks.raw.bank_list import BankList
from checks.raw.business import Business
from checks.raw.death import Death
from checks.raw.dibao import Dibao
from checks.raw.disability import Disability
from checks.raw.disaster import Disaster
from checks.raw.education import Education
from checks.raw.employment import Employment
from checks.raw.household_info import HouseholdInfo
from checks.raw.household_list import HouseholdList
from checks.raw.housing import Housing
from checks.raw.income import Income
from checks.raw.measure import Measure
from checks.raw.medical import Medical
from checks.raw.microcredit import Microcredit
from checks.raw.move import Move
from checks.raw.payroll import Payroll
from checks.raw.person_list import PersonList
from checks.raw.petition import Petition
from checks.raw.planned_work import PlannedWork
from checks.raw.property import Property
from checks.raw.public_post import PublicPost
from checks.raw.register import Register
from checks.raw.register_step import RegisterStep
from checks.raw.survey_household import SurveyHousehold
from checks.raw.survey_income import SurveyIncome
from checks.raw.tekun import Tekun
from checks.raw.temporary_relief import TemporaryRelief
from checks.raw.training import Training
from checks.raw.vehicle import Vehicle
from checks.raw.village_info import VillageInfo
from checks.raw.water import Water

FEEDS = {
    contract.name: contract
    for contract in (
        AwayWork,
        BankList,
        Business,
        Death,
        Dibao,
        Disability,
        Disaster,
        Education,
        Employment,
        HouseholdInfo,
        HouseholdList,
        Housing,
        Income,
        Measure,
        Medical,
        Microcredit,
        Move,
        Payroll,
        PersonList,
        Petition,
        PlannedWork,
        Property,
        PublicPost,
        Register,
        RegisterStep,
        SurveyHousehold,
        SurveyIncome,
        Tekun,
        TemporaryRelief,
        Training,
        Vehicle,
        VillageInfo,
        Water,
    )
}
"""Feed name -> contract, in alphabetical order."""
